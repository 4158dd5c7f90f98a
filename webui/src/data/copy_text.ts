/** True when the text is in the clipboard. Without HTTPS browsers offer no clipboard to a page that
 *  comes from another machine; the older way takes what is selected in `field`. */
export async function copyText(
  text: string,
  field: HTMLInputElement | HTMLTextAreaElement | null,
): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    field?.focus();
    field?.select();
    return field !== null && document.execCommand('copy');
  }
}
