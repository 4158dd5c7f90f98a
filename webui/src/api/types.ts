// Shapes of the HTTP API. Units are in the field names; times are ISO 8601 with a zone.

export interface User {
  id: number;
  username: string;
  role: 'admin' | 'user';
  /** The shipped password still stands. */
  default_password?: boolean;
}

export interface AuthState {
  authenticated: boolean;
  user: User;
  csrf_token: string;
  /** While true every call but the password change is refused. */
  password_change_required?: boolean;
  /** In characters. */
  password_min_length?: number;
}

export interface DeviceInfo {
  id: string;
  name: string;
  /** The name by language: `zh-CN`, `en`. */
  names?: Readonly<Record<string, string>>;
  type: string;
  description?: string;
  /** 0 or absent: not stated. */
  rated_power_kw?: number;
}

export interface DeviceList {
  devices: DeviceInfo[];
  /** IANA zone of the plant. */
  time_zone?: string;
}

export interface DeviceReading {
  timestamp: string;
  device_id: string;
  power_kw: number | null;
  energy_kwh: number | null;
  status: string | null;
  [field: string]: unknown;
}

/** A time in which the subscription was not proven alive: never drawn through. */
export interface Gap {
  from: string;
  to: string;
  cause?: string;
}

export interface Pagination {
  page: number;
  page_size: number;
  total: number;
  total_pages: number;
}

export interface HistoryPage {
  data: DeviceReading[];
  pagination: Pagination;
  gaps?: Gap[];
}
