// A call that a new token can make, to be pasted into a shell.
import type { TokenScope } from '@/api/types';

interface Example {
  scope: TokenScope;
  path: string;
  method?: 'PUT' | 'POST';
  body?: string;
}

/** The first one whose scope the token has. Words in capitals are put in by whoever calls: an
 *  example that is run as it stands must not move the line or take an alarm away. */
const examples: readonly Example[] = [
  { scope: 'read', path: '/api/devices' },
  { scope: 'maintenance', path: '/api/backups' },
  { scope: 'alarms', path: '/api/alarms/ALARM_ID/acknowledge', method: 'POST', body: '{"note":"seen"}' },
  { scope: 'thresholds', path: '/api/thresholds/THRESHOLD_ID', method: 'PUT', body: '{"threshold_value":LIMIT}' },
  { scope: 'commands', path: '/api/devices/DEVICE_ID/commands', method: 'POST', body: '{"command":"COMMAND"}' },
];

export function curlExample(origin: string, secret: string, scopes: readonly TokenScope[]): string {
  const example = examples.find(({ scope }) => scopes.includes(scope));
  const parts = [`curl -H "Authorization: Bearer ${secret}"`];
  if (example?.method) parts.push(`-X ${example.method} -H "Content-Type: application/json" -d '${example.body}'`);
  parts.push(origin + (example?.path ?? '/api/devices'));
  return parts.join(' \\\n  ');
}
