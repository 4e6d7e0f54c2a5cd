export interface PortInfo {
  readonly path: string;
  readonly byId?: string;
  readonly vendorId?: string;
  readonly productId?: string;
  readonly product?: string;
  readonly manufacturer?: string;
  readonly serialNumber?: string;
  readonly pnpId?: string;
  readonly hidden?: boolean;
}
export const listPorts = (): Promise<readonly PortInfo[]> => Promise.resolve([]);
