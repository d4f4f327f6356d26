-- purpose: the database host's clock and its offset from UTC, for the skew (rule 124)
-- versions: 12.1+
-- binds: none
-- grants: none
select to_char(sys_extract_utc(systimestamp), 'YYYY-MM-DD"T"HH24:MI:SS.FF3"Z"') as utc, to_char(systimestamp, 'TZH:TZM') as utc_offset
from dual
