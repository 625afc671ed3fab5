"""Open Badges 3.0: an award as a credential that anybody can check without asking the portal."""
