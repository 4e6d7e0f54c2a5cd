import { defineBridge } from '../../src/console/board.js';

export default defineBridge({
  id: 'st-usb-cdc',
  maker: 'ST',
  chip: 'STM32, Virtual COM Port',
  usb: [{ vid: '0483', pid: '5740', state: 'application' }],
  consoles: [],
  native: true,
  baud: 115_200,
  bootloaders: ['stm32-usb-dfu'],
  neverProbe: 'maybe-concentrator',
  notes:
    "The id of ST's own example: USB concentrators (CoreCell, RAK2287, RAK5146), the PicoGW and anything else with an STM32. Concentrators speak a binary protocol; an AT command would be noise in it, and a packet forwarder may be at work.",
  source: 'usb.ids 2025.07.26 (Debian); Lora-net/picoGW_mcu usbd_desc.cpp; Lora-net/sx1302_hal @4b42025',
});
