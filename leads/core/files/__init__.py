"""Files of leads: records, dates decided by the column, mappings, typed cells."""
