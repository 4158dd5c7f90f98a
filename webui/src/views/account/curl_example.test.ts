import { describe, expect, it } from 'vitest';
import { curlExample } from './curl_example';

describe('the example for a new token', () => {
  it('reads when the token may read', () => {
    expect(curlExample('http://plant:5000', 'wl_0a', ['alarms', 'read'])).toBe(
      'curl -H "Authorization: Bearer wl_0a" \\\n  http://plant:5000/api/devices',
    );
  });

  it('needs a word of its reader before it changes anything', () => {
    expect(curlExample('http://plant:5000', 'wl_0a', ['commands'])).toContain('DEVICE_ID/commands');
    expect(curlExample('http://plant:5000', 'wl_0a', ['alarms'])).toContain('-X POST');
  });
});
