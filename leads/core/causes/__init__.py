"""Why a promise broke: what the facts suggest, before both departments say."""
