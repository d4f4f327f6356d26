import type { OpenInstance } from "../../../../simulator/instance/open-instance.ts";

/** APP.T, with one column. */
export async function createOneTable(instance: OpenInstance, tablespace = "USERS"): Promise<number> {
  const columns = [{ name: "ID", type: "NUMBER", nullable: false }];
  const table = { owner: "APP", name: "T", tablespace, columns };
  const { objectId } = await instance.createTable(0, table);
  return objectId;
}

/** One row, committed; the SCN of that. */
export async function putRow(instance: OpenInstance, objectId: number, id: number): Promise<bigint> {
  const transaction = instance.begin(0);
  await transaction.insert(objectId, [id, `row ${id}`]);
  return await transaction.commit();
}
