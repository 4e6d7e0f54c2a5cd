import { defineBoard } from '../../src/console/board.js';

export default defineBoard({
  id: 'st-nucleo-wl55jc',
  maker: 'ST',
  name: 'NUCLEO-WL55JC',
  chip: 'STM32WL55JC',
  usb: [{ bridge: 'st-stlink-v3' }, { bridge: 'st-stlink-v2-1' }],
  console: 'st-at-slave',
  bootloaders: ['st-link', 'stm32-an3155'],
  notes: 'Talks when the example LoRaWAN_AT_Slave is in it. Not certain: which ST-LINK it carries.',
  source: 'STMicroelectronics/STM32CubeWL @406f7a2 LoRaWAN_AT_Slave; usb.ids 2025.07.26 (Debian)',
});
