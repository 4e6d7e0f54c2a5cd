import type { DialectExample } from '../../../src/console/dialect.js';

export const source =
  'HelTecAutomation/Heltec_ESP32 @55bf1a5 (library strings); HelTecAutomation/HeltecDocs @05154be how_to_use_license.md; Espressif boot ROM log';

const rom = 'docs.espressif.com, esptool, Boot Mode Selection';

/** What comes by itself, and the one dialogue. */
export const examples: readonly DialectExample[] = [
  {
    what: 'an ESP32-S3 starts',
    source: rom,
    bytes: 'ESP-ROM:esp32s3-20210327\r\nBuild:Mar 27 2021\r\nrst:0x1 (POWERON),boot:0x8 (SPI_FAST_FLASH_BOOT)\r\n',
    means: [{ kind: 'event', event: { kind: 'boot' } }],
  },
  {
    what: 'an ESP32 waits for an image',
    source: rom,
    bytes:
      'ets Jun  8 2016 00:22:57\r\n\r\nrst:0x1 (POWERON_RESET),boot:0x3 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2))\r\nwaiting for download\r\n',
    means: [{ kind: 'event', event: { kind: 'boot', mode: 'bootloader' } }],
  },
  {
    what: 'a board asks for its licence',
    source,
    bytes:
      'Please provide a correct license! For more information:\r\nhttp://www.heltec.cn/search/\r\nESP32ChipID=0C8F3A4B5C6D\r\n',
    means: [
      { kind: 'event', event: { kind: 'licence', state: 'needed' } },
      { kind: 'event', event: { kind: 'licence', state: 'needed', chipId: '0c8f3a4b5c6d' } },
    ],
  },
  {
    what: 'the right licence',
    source,
    command: 'AT+CDKEY=00112233445566778899AABBCCDDEEFF',
    bytes: 'The board is actived\r\n',
    means: [{ kind: 'ok' }, { kind: 'event', event: { kind: 'licence', state: 'valid' } }],
  },
  {
    what: 'the wrong licence',
    source,
    command: 'AT+CDKEY=00112233445566778899AABBCCDDEE00',
    bytes: 'Error license!\r\n',
    means: [
      { kind: 'refused', why: 'bad-value', code: 'Error license!' },
      { kind: 'event', event: { kind: 'licence', state: 'wrong' } },
    ],
  },
  {
    what: 'a sketch at work',
    source: 'Heltec WiFi_Kit_series, LoRaWan_APP.cpp',
    bytes:
      'LoRaWAN EU868 Class A start!\r\n\r\njoining...\r\njoined\r\nunconfirmed uplink sending ...\r\nreceived unconfirmed downlink: rssi = -66, snr = 9, datarate = 5\r\n',
    means: [
      { kind: 'event', event: { kind: 'joined' } },
      { kind: 'event', event: { kind: 'sending', confirmed: false } },
      { kind: 'event', event: { kind: 'heard', rssiDbm: -66, snrDb: 9 } },
    ],
  },
];
