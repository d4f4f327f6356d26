-- purpose: temp files: recorded so that they can be made again, never copied (rule 7)
-- versions: 12.1+
-- binds: none
-- grants: select on v_$tempfile, v_$tablespace
select f.file# as file_no, f.name, to_char(f.bytes) as bytes, t.name as ts_name, f.con_id
from v$tempfile f join v$tablespace t on t.ts# = f.ts# and t.con_id = f.con_id
order by f.con_id, f.file#
