"""Gegenlese: reads many articles about one event against each other."""
