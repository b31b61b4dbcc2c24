-- Pages of organisers ask long statements: to plan them for each call took longer than to run them.

alter function public.list_waiting(uuid) set plan_cache_mode = force_generic_plan;
alter function public.read_agenda_builder(uuid) set plan_cache_mode = force_generic_plan;
alter function public.read_checks(uuid, jsonb) set plan_cache_mode = force_generic_plan;
