const BAR = 0x7c;
const BORDERS = / ?(?:\| ?){0,4}\|$/;

/** Removes the borders that a page which shows lines as a table leaves at their end: `text | |`. */
export const withoutCellBorders = (text: string): string => (text.charCodeAt(text.length - 1) === BAR ? text.replace(BORDERS, '') : text);
