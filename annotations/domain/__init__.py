"""The rules of the field as pure functions: no Django, no database, no clock."""
