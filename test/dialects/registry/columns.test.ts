import { describe, expect, test } from 'vitest';
import { deviceTable, type DeviceTable } from '../../../src/dialects/registry/columns.js';
import { readCsv } from '../../../src/dialects/registry/csv.js';
import { devicesCsv } from '../../../src/dialects/registry/device-csv.js';

const table = (text: string): { csv: ReturnType<typeof readCsv>; made: DeviceTable } => {
  const csv = readCsv(text, 'f');
  const made = deviceTable(csv);
  if (!('deviceOf' in made)) throw new Error(JSON.stringify(made));
  return { csv, made };
};
const devices = (text: string): unknown => {
  const { csv, made } = table(text);
  return [...csv.rows()].map((row) => made.deviceOf(row).value);
};
const key = '2b7e151628aed2a6abf7158809cf4f3c';

describe('a table of devices', () => {
  test.each([
    ['devEui,joinEui,appKey'],
    ['dev_eui;app_eui;app_key'],
    ['DevEUI\tAppEUI\tAppKey'],
    ['"Dev EUI","Join EUI","Nwk Key"'],
    ['DEVICE-EUI,application_eui,nwk_key'],
  ])('%s', (header) => {
    const delimiter = readCsv(header, 'f').delimiter;
    const row = ['0200000000000001', '70b3d57ed0000001', key].join(delimiter);
    expect(devices(`${header}\n${row}\n`)).toEqual([
      { devEui: '0200000000000001', otaa: { joinEui: '70b3d57ed0000001', appKey: key } },
    ]);
  });

  test('an export of The Things Stack: its words for version, class and counters', () =>
    expect(
      devices(
        `id;dev_eui;join_eui;name;lorawan_version;app_key;nwk_key;dev_addr;app_s_key;f_nwk_s_int_key;last_f_cnt_up;supports_class_c\n` +
          `eui-1;0200000000000001;70b3d57ed0000001;left;MAC_V1_0_4;${key};;;;;;true\n` +
          `eui-2;0200000000000002;70b3d57ed0000001;right;MAC_V1_0_2;;;260b1a2f;${key};${key};41;false\n`,
      ),
    ).toEqual([
      {
        ...{ devEui: '0200000000000001', name: 'left', lorawan: '1.0.4', class: 'C' },
        otaa: { joinEui: '70b3d57ed0000001', appKey: key },
      },
      {
        ...{ devEui: '0200000000000002', name: 'right', lorawan: '1.0.2' },
        abp: { devAddr: '260b1a2f', nwkSKey: key, appSKey: key, fCntUp: '42' },
      },
    ]));

  test('two columns for one thing may say it twice, not differently', () => {
    const { csv, made } = table(`deveui,appkey,nwkkey\n02,${key},${key.toUpperCase()}\n02,,${key}\n02,aa,bb\n`);
    const problems = [...csv.rows()].map((row) => made.deviceOf(row).problems);
    expect(problems).toMatchObject([[], [], [{ code: 'csv-columns-differ', at: { line: 4, column: 7 } }]]);
    // The keys themselves are nobody's business.
    expect(JSON.stringify(problems)).not.toMatch(/aa|bb/);
  });

  test('what a spreadsheet has made of an EUI or a key is said as such, and other texts may look like it', () => {
    const { csv, made } = table('DevEUI;AppKey;Stellplatz;Modell\n7,06306E+17;1.12233e+29;1E+10;bosch-tps110\n');
    const [row] = [...csv.rows()].map((one) => made.deviceOf(one));
    expect(row!.problems).toMatchObject([
      { code: 'csv-number', facts: { have: '7,06306E+17' }, at: { line: 2, column: 1 } },
      { code: 'csv-number', at: { line: 2, column: 13 } },
    ]);
    expect(row!.value).toMatchObject({ bay: '1E+10', model: 'bosch-tps110' });
    expect(devices('deveui\n2601e12300000012\n')).toEqual([{ devEui: '2601e12300000012' }]);
  });

  test('no DevEUI, a column twice, too many cells', () => {
    const header = (text: string): unknown => deviceTable(readCsv(text, 'f'));
    expect(header('devui,name\n')).toMatchObject([{ code: 'csv-no-column', facts: { have: 'devui, name' } }]);
    expect(header('')).toMatchObject([{ code: 'csv-no-column' }]);
    expect(header('deveui,name,NAME\n')).toMatchObject([{ code: 'csv-column-twice', at: { column: 13 } }]);
    const { csv, made } = table('deveui,notes\n02,x,,y\n');
    expect(made.ignored).toEqual(['notes']);
    expect(made.deviceOf([...csv.rows()][0]!).problems).toMatchObject([
      { code: 'csv-many-cells', at: { line: 2, column: 7 } },
    ]);
  });

  test('a hostile header names nothing of the language', () => {
    expect(devices('deveui,option.__proto__,constructor,__proto__\n02,x,y,z\n')).toEqual([
      { devEui: '02', options: {} },
    ]);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  test('what we write we read', () => {
    const all = [
      {
        ...{
          devEui: '0200000000000001',
          name: '=left; "a"',
          bay: 'g-1',
          lot: 'g',
          model: 'm',
          lorawan: '1.0.4',
          class: 'C',
        },
        otaa: { joinEui: '70b3d57ed0000001', appKey: key },
        options: { firmware: '0.23' },
      },
      {
        ...{ devEui: '0200000000000002', model: 'm', counters: 'may-reset', adr: 'false' },
        abp: { devAddr: '260b1a2f', nwkSKey: key, appSKey: key, fCntUp: '7' },
        mounting: { heightMm: '2600', thresholdMm: '500', hysteresisMm: '200' },
      },
    ];
    const { text, incomplete } = devicesCsv(all, { withKeys: true });
    expect(incomplete).toEqual([]);
    expect(devices(text)).toEqual(all);
    expect(devicesCsv(all, { withKeys: false }).text).not.toContain(key);
    expect(devicesCsv([{ devEui: '03', mounting: [{ heightMm: 1 }] }], { withKeys: false }).incomplete).toEqual(['03']);
  });
});
