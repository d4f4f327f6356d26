/** What the tools of a database host print, in our own words and in their formats. */

export const oratab = `#
# used by ORACLE utilities

  # NAME:HOME:<N|Y>
+ASM1:/u01/app/19.0.0/grid:N		# line added by Agent
PROD1:/u01/app/oracle/product/19c/db_1/:Y
hr:/u01/app/oracle/product/12.2/db_1:w   # standby of :Y:
*:/u01/app/oracle/client:N
-MGMTDB:/u01/app/19.0.0/grid:N
BARE:/opt/a home
PROD2 /u01/app/oracle/product/19c/db_1 Y
REL:home:Y
`;

export const processes = `process 1181
owner oracle
word ora_pmon_PROD1
home /somewhere/else
program /u01/app/oracle/product/19c/db_1/bin/oracle
process 1190
owner oracle
word db_pmon_FREE
home /opt/oracle/23ai/
program /usr/bin/node
process 1200
owner grid
word asm_pmon_+ASM1
program 
process 1201
owner grid
word mdb_pmon_-MGMTDB
process 1300
owner grid
word /u01/app/19.0.0/grid/bin/tnslsnr
word listener_scan1
word -no_crs_notify
word -inherit
process 1301
owner oracle
word /u01/app/oracle/product/19c/db_1/bin/tnslsnr
word -inherit
program /u01/app/oracle/product/19c/db_1/bin/tnslsnr (deleted)
process 1400
owner root
word pgrep
word ora_pmon_PROD9
process 1401
word vi
word /tmp/tnslsnr
`;

export const listenerStatus = `
LSNRCTL for Linux: Version 19.0.0.0.0 - Production on 21-NOV-2026 09:00:00

Connecting to (DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=elsewhere)(PORT=1599)))
STATUS of the LISTENER
------------------------
Alias                     LISTENER
Version                   TNSLSNR for Linux: Version 19.0.0.0.0 - Production
Listening Endpoints Summary...
  (DESCRIPTION=(ADDRESS=(PROTOCOL=tcp)(HOST=db1.example.com)(PORT=1521)))
  (DESCRIPTION=(ADDRESS=(PROTOCOL=ipc)(KEY=EXTPROC1521)))
  (DESCRIPTION=(ADDRESS=(PROTOCOL=tcps)(HOST=db1.example.com)(PORT=5500))(Presentation=HTTP)(Session=RAW))
Services Summary...
Service "PROD1.example.com" has 1 instance(s).
  Instance "PROD1", status READY, has 1 handler(s) for this service...
Service "PROD1_DGMGRL" has 1 instance(s).
  Instance "PROD1", status UNKNOWN, has 1 handler(s) for this service...
Service "hr" has 2 instance(s).
  Instance "hr1", status UNKNOWN, has 1 handler(s) for this service...
  Instance "hr1", status BLOCKED, has 1 handler(s) for this service...
The command completed successfully
`;

export const listenerServices = `Services Summary...
Service "sales.us.example.com" has 1 instance(s).
  Instance "sales", status READY, has 2 handler(s) for this service...
    Handler(s):
      "DEDICATED" established:0 refused:0 state:ready
         LOCAL SERVER
      "D000" established:0 refused:0 current:0 max:10000 state:ready
         DISPATCHER <machine: sales-server, pid: 1689>
         (ADDRESS=(PROTOCOL=tcp)(HOST=sales-server)(PORT=52414))
The command completed successfully
`;

export const clusterRac = `Database unique name: PROD1_A
Database name: PROD1
Oracle home: /u01/app/oracle/product/19c/db_1
Oracle user: oracle
Spfile: +DATA/PROD1_A/PARAMETERFILE/spfile.269.1
Domain: example.com
Start options: open
Stop options: immediate
Database role: PRIMARY
Management policy: AUTOMATIC
Server pools:
Disk Groups: RECO,DATA
Services:
Type: RAC
OSDBA group: dba
Database instances: PROD11,PROD12
Configured nodes: db1,db2
Database is administrator managed
`;

export const clusterRestart = `Database unique name: HR
Database name: HR
Oracle home: /u01/app/oracle/product/19c/db_1
Database role: PRIMARY
Disk Groups: DATA
Type: SINGLE
Database instance: HR
`;

export const cluster112 = `Database unique name: old
Database name:
Oracle home: /u01/app/oracle/product/11.2.0/db_1
Domain:
Database role: PRIMARY
Database instances: old1
Disk Groups:
`;

export const otherVersion = `PRCD-1027 : Failed to retrieve database hr
PRCD-1229 : An attempt to access configuration of database hr was rejected because its version 12.2.0.1.0 differs from the program version 19.0.0.0.0. Instead run the program from /u01/app/oracle/product/12.2/db_1.
`;

export const openInstance = `
UMBRA-FOUND|instance|PROD1|db1|OPEN|NO|19.0.0.0.0
UMBRA-FOUND|full|19.21.0.0.0
UMBRA-FOUND|edition|EE
UMBRA-FOUND|database|4044231230|PROD1|PROD1_A|PRIMARY|READ WRITE|ARCHIVELOG
UMBRA-FOUND|cdb|YES
UMBRA-FOUND|files|12|0|10737418240
UMBRA-FOUND|clustered|FALSE
`;
