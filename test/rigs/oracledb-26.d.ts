/** The newer major version of the driver offers the same interface. */
declare module "oracledb-26" {
  import type oracledb from "oracledb";
  const driver: typeof oracledb;
  export default driver;
}
