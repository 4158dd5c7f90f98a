// The pages of the signed-in person: one list for routes, navigation and the texts that they need.
import type { Component } from 'vue';

type View = () => Promise<{ default: Component }>;

export type PageGroup = 'monitor' | 'analyse' | 'configure' | 'administer';
export const pageGroups: readonly PageGroup[] = ['monitor', 'analyse', 'configure', 'administer'];

export interface Page {
  /** Route name; its title is the text `nav.<name>`. */
  name: string;
  path: string;
  view: View;
  /** Areas of src/i18n beside `core`. */
  texts: readonly string[];
  /** Where it stands in the navigation; without one it is reached from another page. */
  group?: PageGroup;
  /** Key of components/shell/NavIcon.vue. */
  icon?: string;
  /** Only administrators may open it. */
  admin?: boolean;
}

export const pages: readonly Page[] = [
  {
    name: 'dashboard',
    path: '/',
    group: 'monitor',
    icon: 'dashboard',
    view: () => import('@/views/dashboard/DashboardView.vue'),
    texts: ['dashboard', 'chart', 'alarm', 'command'],
  },
  {
    name: 'alarms',
    path: '/alarms',
    group: 'monitor',
    icon: 'alarms',
    view: () => import('@/views/alarms/AlarmsView.vue'),
    texts: ['alarm', 'alarms', 'range', 'points'],
  },
  {
    name: 'device',
    path: '/devices/:id',
    view: () => import('@/views/device/DeviceView.vue'),
    texts: ['device', 'chart', 'alarm', 'range', 'points', 'command'],
  },
  {
    name: 'history',
    path: '/history',
    group: 'analyse',
    icon: 'history',
    view: () => import('@/views/history/HistoryView.vue'),
    texts: ['history', 'chart', 'range', 'points'],
  },
  {
    name: 'energy',
    path: '/energy',
    group: 'analyse',
    icon: 'energy',
    view: () => import('@/views/energy/EnergyView.vue'),
    texts: ['energy', 'chart', 'range'],
  },
  {
    name: 'oee',
    path: '/oee',
    group: 'analyse',
    icon: 'oee',
    view: () => import('@/views/oee/OeeView.vue'),
    texts: ['oee', 'chart', 'range'],
  },
  {
    name: 'report',
    path: '/report',
    group: 'analyse',
    icon: 'report',
    view: () => import('@/views/report/ReportView.vue'),
    texts: ['report', 'energy', 'chart', 'range', 'alarm'],
  },
  {
    name: 'thresholds',
    path: '/thresholds',
    group: 'configure',
    icon: 'thresholds',
    view: () => import('@/views/thresholds/ThresholdsView.vue'),
    texts: ['thresholds', 'points', 'alarm'],
  },
  {
    name: 'points',
    path: '/points',
    group: 'configure',
    icon: 'points',
    view: () => import('@/views/points/PointsView.vue'),
    texts: ['points'],
  },
  {
    name: 'account',
    path: '/account',
    group: 'administer',
    icon: 'account',
    view: () => import('@/views/account/AccountView.vue'),
    texts: ['account'],
  },
  {
    name: 'users',
    path: '/users',
    group: 'administer',
    icon: 'users',
    admin: true,
    view: () => import('@/views/users/UsersView.vue'),
    texts: ['users'],
  },
  {
    name: 'audit',
    path: '/audit',
    group: 'administer',
    icon: 'audit',
    admin: true,
    view: () => import('@/views/audit/AuditView.vue'),
    texts: ['audit', 'range'],
  },
  {
    name: 'system',
    path: '/system',
    group: 'administer',
    icon: 'system',
    view: () => import('@/views/system/SystemView.vue'),
    texts: ['system'],
  },
];
