-- purpose: keystores of encrypted tablespaces (rule 11)
-- versions: 12.1+
-- binds: none
-- grants: select on v_$encryption_wallet
select wrl_type, wrl_parameter, status
from v$encryption_wallet
order by con_id, wrl_type
