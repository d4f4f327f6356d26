-- purpose: the SCN from which Streams, GoldenGate or LogMiner still read redo: logs behind it stay (rule 97)
-- versions: 12.1+
-- binds: none
-- grants: select on v_$database
select to_char(min_required_capture_change#) as capture_scn
from v$database
