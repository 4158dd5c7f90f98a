// The numbers of the page as the server writes them: one file a device, in full precision.
import { downloadHistory } from '@/api/history';
import { saveFile } from '@/data/save_file';
import { toDateText } from '@/time/calendar';
import { byDevice, type Asked } from './recording';

/** Throws what the API throws; files before the one that failed are saved. Returns their number. */
export async function saveCsv({ points, range, step }: Asked): Promise<number> {
  const devices = byDevice(points);
  for (const [id, chosen] of devices) {
    const names = chosen.map(({ name }) => name);
    const { content, fileName } = await downloadHistory(id, range, step, names);
    saveFile(content, fileName || `${id}-${toDateText(range.start)}.csv`);
  }
  return devices.size;
}
