"""Published tables of the Home Office, the ONS and the police. In: `data/raw/open`. Out: `data/processed/open`, tidy.

Nothing here asks the network but `fetch`; a build reads what lies in the folder.
"""
