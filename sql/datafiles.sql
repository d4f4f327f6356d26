-- purpose: every datafile of every container (rule 5: the control file, not the dictionary, which a mounted database has not)
-- versions: 12.1+
-- binds: none
-- grants: select on v_$datafile, v_$tablespace
select d.file# as file_no, d.rfile# as rfile_no, d.ts# as ts, t.name as ts_name, t.bigfile, d.con_id, d.name, d.status, d.enabled,
       to_char(d.bytes) as bytes, d.blocks, d.block_size, to_char(d.creation_change#) as creation_scn,
       to_char(d.checkpoint_change#) as checkpoint_scn, to_char(d.last_change#) as last_scn,
       to_char(d.offline_change#) as offline_scn, to_char(d.unrecoverable_change#) as unrecoverable_scn
from v$datafile d join v$tablespace t on t.ts# = d.ts# and t.con_id = d.con_id
order by d.file#
