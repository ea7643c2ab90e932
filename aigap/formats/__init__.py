"""How Django writes days and moments where a page does not say: administration's own pages."""
