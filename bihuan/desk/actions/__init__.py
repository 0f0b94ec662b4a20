"""Actions of the officers' desk. One function, one act, one transaction."""
