// A chart as a picture.
import { tokenColour } from '@/theme/theme';

/** Of what is on the screen, on the colour of the page. Null: the browser cannot. */
export function pictureOf(source: HTMLCanvasElement): Promise<Blob | null> {
  const picture = document.createElement('canvas');
  picture.width = source.width;
  picture.height = source.height;
  const context = picture.getContext('2d');
  if (!context) return Promise.resolve(null);
  context.fillStyle = tokenColour('surface');
  context.fillRect(0, 0, picture.width, picture.height);
  context.drawImage(source, 0, 0);
  return new Promise((resolve) => picture.toBlob(resolve, 'image/png'));
}
