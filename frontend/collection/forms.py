"""What the pages of a collection take: its settings, a member, its name as a word of consent."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.models import Group, User
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.models import Collection, Role
from documents.models.ranking_settings import HEAVIEST, LONGEST_HALF_LIFE, WEIGHT_FIELDS

# Generic for the type checker only.
if TYPE_CHECKING:
    Collections = forms.ModelForm[Collection]
else:
    Collections = forms.ModelForm

VISIBILITIES = [
    ("public", gettext_lazy("Public: anyone, also without signing in")),
    ("internal", gettext_lazy("Internal: everyone who is signed in")),
    ("restricted", gettext_lazy("Restricted: its members")),
]
INTERNAL_ROLES = [
    ("contributor", gettext_lazy("Read, and add documents")),
    ("reader", gettext_lazy("Read")),
]


def _weight(label: Any) -> forms.IntegerField:
    return forms.IntegerField(min_value=0, max_value=HEAVIEST, required=False, label=label)


class CollectionSettingsForm(Collections):
    """Name, language and audience; a new collection gets its address from the name."""

    language = forms.RegexField(
        r"^[a-z]{2,3}$",
        initial="en",
        label=gettext_lazy("Language of its documents"),
        help_text=gettext_lazy("A code such as en or de."),
    )
    visibility = forms.ChoiceField(
        choices=VISIBILITIES,
        initial=Collection.Visibility.INTERNAL,
        label=gettext_lazy("Who may read it"),
    )
    internal_role = forms.ChoiceField(
        choices=INTERNAL_ROLES,
        required=False,
        label=gettext_lazy("What everyone may do while it is internal"),
    )

    class Meta:
        model = Collection
        fields: tuple[str, ...] = ("name", "language", "visibility", "internal_role")
        labels = {"name": gettext_lazy("Name")}

    def clean_internal_role(self) -> str:
        return self.cleaned_data["internal_role"] or Role.CONTRIBUTOR

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk is None and "name" in cleaned:
            self.instance.slug = slugify(cleaned["name"])
            if not self.instance.slug:
                self.add_error("name", _("Use letters or digits of the Latin alphabet too."))
            elif Collection.objects.filter(slug=self.instance.slug).exists():
                self.add_error("name", _("There is a collection with such a name already."))
        return cleaned


class CollectionChangeForm(CollectionSettingsForm):
    """The settings of a collection that is there, with those of its ranking; a weight or a share
    that is not given stays as it is."""

    title_weight = _weight(gettext_lazy("Title and file name"))
    headings_weight = _weight(gettext_lazy("Headings"))
    text_weight = _weight(gettext_lazy("Text"))
    recency_half_life = forms.IntegerField(
        min_value=1,
        max_value=LONGEST_HALF_LIFE,
        required=False,
        label=gettext_lazy("Half-life in days"),
        help_text=gettext_lazy(
            "A document of this age has lost half of what age can take from its score. "
            "Leave it empty where age does not matter."
        ),
    )
    recency_floor = forms.FloatField(
        min_value=0,
        max_value=1,
        step_size=0.05,
        required=False,
        label=gettext_lazy("Lowest share of the score"),
        help_text=gettext_lazy("What the oldest documents keep of their score, from 0 to 1."),
    )

    class Meta(CollectionSettingsForm.Meta):
        fields = (
            *CollectionSettingsForm.Meta.fields,
            *WEIGHT_FIELDS,
            "recency_half_life",
            "recency_floor",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in (*WEIGHT_FIELDS, "recency_floor"):
            if cleaned.get(name) is None:
                cleaned[name] = getattr(self.instance, name)
        return cleaned

    @property
    def general(self) -> list[forms.BoundField]:
        return [self[name] for name in CollectionSettingsForm.Meta.fields]

    @property
    def weights(self) -> list[forms.BoundField]:
        return [self[name] for name in WEIGHT_FIELDS]

    @property
    def recency(self) -> list[forms.BoundField]:
        return [self["recency_half_life"], self["recency_floor"]]


class MemberForm(forms.Form):
    """A user or a group by name, and the role; of both names the user's counts."""

    name = forms.CharField(max_length=150, label=gettext_lazy("Name of a user or group"))
    role = forms.ChoiceField(choices=Role.choices, label=gettext_lazy("Role"))

    def __init__(self, collection: Collection, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.collection = collection

    def clean_name(self) -> User | Group:
        """Raises ValidationError for a name of nobody, and for who has a role already."""
        name = self.cleaned_data["name"]
        who: User | Group | None = User.objects.filter(username=name).first()
        who = who or Group.objects.filter(name=name).first()
        if who is None:
            raise forms.ValidationError(_("There is no user and no group of this name."))
        listed = {"group": who} if isinstance(who, Group) else {"user": who}
        if self.collection.members.filter(**listed).exists():
            raise forms.ValidationError(_("They are a member already."))
        return who
