-- purpose: the incarnations of the database, for what can be restored (rules 95, 121)
-- versions: 12.1+
-- binds: none
-- grants: select on v_$database_incarnation
select incarnation# as incarnation_no, to_char(resetlogs_change#) as resetlogs_scn, resetlogs_id, prior_incarnation# as prior_no, status
from v$database_incarnation
order by incarnation#
