// Shapes of the HTTP API, by the names that the pages use. `schema.ts` is made from
// docs/openapi.json by `npm run types`. Units are in the field names; times are ISO 8601 with a zone.
import type { components, paths } from './schema';

type Schemas = components['schemas'];
type JsonOf<Response> = Response extends { content: { 'application/json': infer Body } } ? Body : never;
/** The body of the success of an operation. */
export type BodyOf<Operation> = Operation extends { responses: infer Responses }
  ? JsonOf<Responses[keyof Responses & (200 | 201 | 202)]>
  : never;
type GetOf<Path extends keyof paths> = BodyOf<paths[Path]['get']>;
type PostOf<Path extends keyof paths> = BodyOf<paths[Path]['post']>;

export type AuthState = GetOf<'/auth/check'>;
export type User = AuthState['user'];
export type Role = User['role'];

export type DeviceInfo = Schemas['Device'];
export type DeviceList = GetOf<'/api/devices'>;
export type CurrentValues = Schemas['CurrentValues'];
export type Gap = Schemas['Gap'];
export type Pagination = Schemas['Pagination'];

type History = GetOf<'/api/devices/{id}/history'>;
/** One row a tick, in pages. */
export type HistoryRows = Extract<History, { pagination: unknown }>;
/** Statistics of minutes to months. */
export type HistoryBuckets = Extract<History, { interval: unknown }>;
export type HistoryRow = Schemas['HistoryRow'];
export type Bucket = Schemas['Bucket'];
export type BucketLength = HistoryBuckets['interval'];
export type PointStatistics = Schemas['PointStatistics'];

type Energy = GetOf<'/api/energy/summary'>;
/** One value a device and interval. */
export type EnergyPeriods = Extract<Energy, { summary: { interval: unknown } }>;
/** Totals, shares and comparisons. */
export type EnergyOverview = Extract<Energy, { trend: unknown }>;
export type DeviceEnergy = Schemas['DeviceEnergy'];
export type Comparison = Schemas['Comparison'];

export type Oee = GetOf<'/api/oee'>['oee'];
export type OeeFigures = Schemas['OeeFigures'];
export type OeePeriod = Schemas['OeePeriod'];
export type OeeDimension = Oee['dimension'];
export type OeeLosses = GetOf<'/api/oee/losses'>;
export type Downtime = GetOf<'/api/oee/downtime'>;
export type OeeStop = Schemas['OeeStop'];
export type StopCause = OeeStop['cause'];

export type Alarm = Schemas['Alarm'];
export type AlarmLevel = Schemas['AlarmLevel'];
export type AlarmState = Schemas['AlarmState'];
export type AlarmList = GetOf<'/api/alarms'>;
export type AlarmDetail = GetOf<'/api/alarms/{id}'>;
export type AlarmJournalLine = Schemas['AlarmJournalLine'];
export type AcknowledgeAnswer = PostOf<'/api/alarms/acknowledge'>;

export type Threshold = Schemas['Threshold'];
export type ThresholdKind = Schemas['ThresholdKind'];
export type ThresholdAnswer = Schemas['ThresholdAnswer'];
export type ThresholdPreview = PostOf<'/api/thresholds/preview'>;

export type PointList = GetOf<'/api/points'>;
export type Point = PointList['points'][number];
export type Trust = Schemas['Trust'];

export type SystemState = GetOf<'/api/system'>;
export type ProcessState = SystemState['processes'][number];
export type LogPage = GetOf<'/api/logs'>;
export type LogLine = LogPage['lines'][number];
export type BackupList = GetOf<'/api/backups'>;

export type Command = GetOf<'/api/devices/{id}/commands'>['commands'][number];
export type CommandAnswer = PostOf<'/api/devices/{id}/commands'>;

export type Account = GetOf<'/api/users'>['users'][number];
export type SessionInfo = GetOf<'/api/sessions'>['sessions'][number];
export type Token = GetOf<'/api/tokens'>['tokens'][number];
export type TokenScope = Token['scopes'][number];
export type NewToken = PostOf<'/api/tokens'>;
export type AuditPage = GetOf<'/api/audit'>;
export type AuditEntry = AuditPage['entries'][number];
