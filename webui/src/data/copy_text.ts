/** True when the text is in the clipboard. Without HTTPS browsers offer no clipboard to a page that
 *  comes from another machine; the older way takes what is selected in `field`, which must be inside
 *  an open dialog. Without one a field is made for the moment. */
export async function copyText(
  text: string,
  field: HTMLInputElement | HTMLTextAreaElement | null = null,
): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return field ? copySelected(field) : copyBesides(text);
  }
}

function copySelected(field: HTMLInputElement | HTMLTextAreaElement): boolean {
  field.focus();
  field.select();
  return document.execCommand('copy');
}

function copyBesides(text: string): boolean {
  const before = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'sr-only';
  document.body.append(field);
  const copied = copySelected(field);
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return copied;
}
