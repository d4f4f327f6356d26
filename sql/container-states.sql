-- purpose: how each pluggable database is open, and since when: saved before SHUTDOWN, proved after STARTUP (rule 25)
-- versions: 12.1+
-- binds: none
-- grants: select on v_$pdbs
select name, open_mode, restricted, to_char(sys_extract_utc(open_time), 'YYYY-MM-DD"T"HH24:MI:SS.FF3"Z"') as opened_at
from v$pdbs
where name <> 'PDB$SEED'
order by con_id
