"""Shows a user the profiles that are everybody's and those of the user's groups.

Run as a part of the hub's configuration, after the chart's: `profile_list` has all, which image pullers read too.
"""


def visible(profiles, group_profiles, groups):
    """Profiles that a user of these groups sees, in the order in which they are given."""
    kept_back = {slug for slugs in group_profiles.values() for slug in slugs}
    given = {slug for group in groups for slug in group_profiles.get(group, [])}
    return [profile for profile in profiles if profile["slug"] not in kept_back or profile["slug"] in given]


def profiles_for(profiles, group_profiles):
    """KubeSpawner's way to ask for a user's profiles."""
    return lambda spawner: visible(profiles, group_profiles, [group.name for group in spawner.user.groups])


if "c" in globals():
    from z2jh import get_config

    c.KubeSpawner.profile_list = profiles_for(  # noqa: F821
        get_config("singleuser.profileList", []), get_config("custom.groupProfiles", {})
    )
