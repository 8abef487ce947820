"""Words of the demo company: people, companies and subjects, all made up."""

# Country code -> given names, family names.
PEOPLE: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "DE": (
        ("Marek", "Heike", "Sabine", "Torsten", "Katrin", "Uwe", "Birgit", "Stefan", "Nadine",
         "Holger", "Silke", "Jürgen", "Mareike", "Dirk", "Annika", "Ralf"),
        ("Baumann", "Vogt", "Reuter", "Hagedorn", "Lorenz", "Schuster", "Pohl", "Wendt",
         "Ebert", "Krüger", "Sauer", "Thiel", "Brandes", "Möller", "Kessler", "Arnold"),
    ),
    "FR": (
        ("Claire", "Ines", "Thierry", "Benoît", "Hélène", "Luc", "Amélie", "Pascal", "Maud"),
        ("Moreau", "Dubois", "Lefèvre", "Garnier", "Roussel", "Chevalier", "Blanc", "Perrin"),
    ),
    "SE": (
        ("Peter", "Gustav", "Karin", "Lars", "Elin", "Oskar", "Sofia", "Henrik"),
        ("Lindqvist", "Rehn", "Ekström", "Sandberg", "Nyström", "Hedlund", "Åkesson"),
    ),
    "GB": (
        ("Oliver", "Hannah", "Graham", "Fiona", "Colin", "Priyanka", "Moira", "Nigel", "Beth"),
        ("Grant", "Whitfield", "Okafor", "Barlow", "Pritchard", "Shaw", "Mistry", "Holt"),
    ),
    "US": (
        ("Samira", "Doug", "Carla", "Marcus", "Denise", "Trevor", "Latoya", "Wes", "Janet"),
        ("Haddad", "Whitaker", "Delgado", "Brooks", "Novak", "Ferris", "Coleman", "Ito"),
    ),
    "BR": (
        ("Tomás", "Beatriz", "Rafaela", "Caio", "Luciana", "Otávio", "Marina", "Renato"),
        ("Ribeiro", "Almeida", "Teixeira", "Moraes", "Cardoso", "Barros", "Nogueira", "Lima"),
    ),
    "NL": (
        ("Joost", "Anouk", "Pieter", "Femke", "Ruben", "Marloes", "Sander"),
        ("de Wit", "Bakker", "Verhoeven", "Postma", "van Dijk", "Smeets", "Hofstra"),
    ),
    "PL": (
        ("Agnieszka", "Paweł", "Ewa", "Tomasz", "Magda", "Krzysztof", "Iwona"),
        ("Nowak", "Zieliński", "Wójcik", "Mazur", "Kaczmarek", "Górski", "Dudek"),
    ),
    "FI": (
        ("Hanna", "Mikko", "Päivi", "Juha", "Saara", "Antti"),
        ("Virtanen", "Laine", "Heikkinen", "Koskela", "Salo", "Rantanen"),
    ),
    "IN": (
        ("Arjun", "Kavya", "Rohan", "Meera", "Vikram", "Anita"),
        ("Deshpande", "Iyer", "Kulkarni", "Bose", "Menon", "Rao"),
    ),
}  # fmt: skip

# How often a lead comes from there; India is not served.
COUNTRIES = {
    "DE": 34, "US": 16, "GB": 9, "FR": 9, "BR": 8, "NL": 7, "SE": 6, "PL": 5, "FI": 3, "IN": 3,
}  # fmt: skip

PLACES: dict[str, tuple[str, ...]] = {
    "DE": ("Elbe", "Harz", "Ruhr", "Spree", "Allgäu", "Weser", "Saale", "Taunus", "Jade",
           "Rhön", "Isar", "Lausitz", "Fulda", "Eifel"),
    "FR": ("Rhône", "Aubert", "Garonne", "Vosges", "Loire", "Bresse", "Artois", "Jura"),
    "SE": ("Norrköping", "Malmö", "Västerås", "Gävle", "Luleå", "Örebro", "Vänern"),
    "GB": ("Tyne", "Mersey", "Humber", "Calder", "Solent", "Trent", "Clyde", "Fenland"),
    "US": ("Delta", "Tri-County", "Lakeshore", "Allegheny", "Piedmont", "Mesa", "Bay State",
           "Cascade", "Ozark", "Prairie"),
    "BR": ("Paraná", "Serra Azul", "Santos", "Vale Verde", "Tietê", "Minas", "Iguaçu"),
    "NL": ("Maas", "Zaan", "Twente", "IJssel", "Westland", "Betuwe"),
    "PL": ("Wisła", "Łódź", "Beskid", "Warta", "Mazury", "Odra"),
    "FI": ("Oulu", "Vaasa", "Kemi", "Saimaa", "Lahti"),
    "IN": ("Deccan", "Godavari", "Konkan", "Malabar"),
}  # fmt: skip
TRADES = (
    "Paper", "Castings", "Cold Chain", "Ferries", "Glass", "Timber", "Brewing", "Dairy",
    "Cement", "Pumps", "Foods", "Plastics", "Steel", "Water", "Packaging", "Textiles",
    "Bearings", "Rail", "Chemicals", "Quarries", "Energy", "Logistics", "Tiles", "Mills",
)  # fmt: skip
INDUSTRIES = {
    "Paper": "pulp and paper", "Timber": "wood", "Cold Chain": "logistics",
    "Ferries": "transport", "Rail": "transport", "Logistics": "logistics",
    "Brewing": "food and drink", "Dairy": "food and drink", "Foods": "food and drink",
    "Water": "utilities", "Energy": "utilities", "Chemicals": "chemicals",
    "Plastics": "chemicals", "Mills": "food and drink", "Textiles": "textiles",
}  # fmt: skip
JOBS = (
    "Head of Maintenance", "Plant manager", "Reliability engineer", "Operations lead",
    "Technical buyer", "Maintenance planner", "Factory director", "Procurement",
    "Production engineer", "Quality manager", "Energy manager", "Head of Operations",
)  # fmt: skip

# What is asked for, heard or read.
CAMPAIGNS: dict[str, tuple[str, ...]] = {
    "demo_request": ("Price page", "Vibration demo", "Compressed air demo"),
    "trial": ("Sensor trial kit", "30 days of Halden Cloud"),
    "event": ("Bearings that talk", "Hannover spring fair", "Plant tour Malmö",
              "Predict or repair"),
    "content": ("Pump failure checklist", "Vibration guide", "Cold stores, no surprises",
                "Maintenance budget template", "Ten sounds of a failing motor"),
    "partner": ("Nordkraft partners", "Integrator day"),
    "": ("", "", "Search ad: vibration monitoring", "Search ad: condition monitoring"),
}  # fmt: skip
# (source, share, whether it is slow: social and mail are answered later and win less)
ORIGINS = (
    ("organic_search", 28.7), ("paid_search", 19.8), ("social", 16.9), ("unknown", 13.7),
    ("direct_traffic", 6.2), ("email", 6.2), ("referral", 3.5), ("other", 1.9),
    ("display", 1.5), ("other_publicities", 0.8), ("", 3.0),
)  # fmt: skip
SOFT = frozenset({"social", "email", "other", "display", "other_publicities"})

MATERIAL: dict[str, tuple[str, ...]] = {
    "case_study": ("Case study from a paper mill", "Case study: cold store in Gävle",
                   "Case study on payback in year one"),
    "comparison": ("Comparison with Vibrex", "Comparison with a service contract"),
    "reference": ("A customer of their size to talk with", "Reference call with a brewery"),
}  # fmt: skip
CALLS = (
    "No answer", "Switchboard, asked to try after lunch", "Voicemail left",
    "In a meeting until noon", "Rang out", "Number engaged",
)  # fmt: skip
TALKS = (
    "Spoke about two lines that stop too often", "Wants numbers before the budget round",
    "Compares us with Vibrex", "Asked how the sensors are fitted",
    "Maintenance and production both want it", "Explained the trial kit",
)  # fmt: skip
RETURN_NOTES: dict[str, tuple[str, ...]] = {
    "country_not_served": ("The plant is outside our service area.",),
    "too_small": ("Eight people work there, the form said more.", "A one-man workshop."),
    "no_need": ("Wanted the checklist only. No project before next year.",
                "They have just signed with somebody else."),
    "wrong_data": ("The mail bounces and the number belongs to somebody else.",
                   "Nobody of that name works there."),
    "unable_to_reach": ("Six attempts at different hours, and no answer.",),
}  # fmt: skip
LOST = ("Chose a cheaper one", "No budget this year", "Project was stopped", "Went with Vibrex")
NOT_OURS = ("Reseller", "Looking for a job", "Wants a spare part only", "Hobby project")
