-- purpose: what the headers of the datafiles say, read from the files
-- versions: 12.1+
-- binds: none
-- grants: select on v_$datafile_header
select file# as file_no, fuzzy, error, to_char(checkpoint_change#) as checkpoint_scn
from v$datafile_header
order by file#
