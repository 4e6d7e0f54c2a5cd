// What the boot ROM of an ESP32 prints at 115200 baud when it starts, whatever firmware is in its flash
// (docs.espressif.com, esptool, "Boot Mode Selection").

/** Whether a line is the ROM's own. */
export const isRomLine = (line: string): boolean => chipOf(line) !== undefined || resetForm.test(line);

/** `rst:0x1 (POWERON),boot:0x8 (SPI_FAST_FLASH_BOOT)`: why it restarted, and into what. */
export const resetForm = /^rst:0x[0-9a-f]{1,2} \((\w+)\),boot:0x[0-9a-f]{1,2} \((.+)\)$/;

/** The chip that says its name in a line of its ROM. */
export const chipOf = (line: string): string | undefined => {
  const named = /^ESP-ROM:esp32(\w*)-\d{8}$/.exec(line)?.[1];
  if (named !== undefined) return named === '' ? 'ESP32' : `ESP32-${named.toUpperCase()}`;
  // The first ESP32 gives only the date of its ROM; the second date is that of its later revision.
  return /^ets (?:Jun {1,2}8 2016|Jul 29 2019) \d\d:\d\d:\d\d$/.test(line) ? 'ESP32' : undefined;
};

/** What a reset line means for the firmware: none runs in `bootloader`. */
export const modeOf = (line: string): 'bootloader' | 'firmware' | undefined => {
  const into = resetForm.exec(line)?.[2];
  if (into === undefined) return undefined;
  return into.startsWith('DOWNLOAD') ? 'bootloader' : 'firmware';
};
