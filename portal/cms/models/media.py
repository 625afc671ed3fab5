from django.core.validators import FileExtensionValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition, Filter
from wagtailmedia.models import AbstractMedia

from portal.resilience.reading import best_effort
from portal.ui.files import RandomName

only_vtt = FileExtensionValidator(["vtt"], _("Captions are WebVTT files (.vtt)."))


class PortalImage(AbstractImage):
    """A picture; where a size of it cannot be made, pages show the original."""

    credit = models.CharField(_("credit"), max_length=120, blank=True)

    name_file = RandomName("original_images")

    admin_form_fields = (
        "title",
        "file",
        "description",
        "credit",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        permissions = [("choose_image", "Can choose image")]
        indexes = [models.Index(fields=["file"], name="cms_image_file")]

    def get_upload_to(self, filename):
        """Where Wagtail's images and renditions are asked for the name of a new file."""
        return self.name_file(self, filename)

    def create_rendition(self, filter: Filter) -> AbstractRendition:
        with best_effort("rendition"):
            return super().create_rendition(filter)
        return self._original(filter)

    def create_renditions(self, *filters: Filter) -> dict[Filter, AbstractRendition]:
        with best_effort("renditions", as_one=True):
            return super().create_renditions(*filters)
        return {one: self._original(one) for one in filters}

    def _original(self, filter: Filter) -> AbstractRendition:
        """The picture as it was uploaded, in the form of one of its sizes, and not kept."""
        return self.get_rendition_model()(
            image=self,
            filter_spec=filter.spec,
            focal_point_key=filter.get_cache_key(self),
            file=self.file.name,
            width=self.width,
            height=self.height,
        )


class PortalRendition(AbstractRendition):
    image = models.ForeignKey(PortalImage, models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="cms_rendition_is_unique"
            )
        ]
        indexes = [models.Index(fields=["file"], name="cms_rendition_file")]

    name_file = RandomName("images")

    def get_upload_to(self, filename):
        return self.name_file(self, filename)


class PortalDocument(AbstractDocument):
    """A file to download, under its own name, from `/documents/` alone."""

    file = models.FileField(_("file"), upload_to=RandomName("documents", keeps_name=True))

    admin_form_fields = ("title", "file", "collection", "tags")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("choose_document", "Can choose document")]


class PortalMedia(AbstractMedia):
    """A video or sound with captions in both languages."""

    file = models.FileField(_("file"), upload_to=RandomName("media"))
    thumbnail = models.FileField(
        _("thumbnail"), upload_to=RandomName("media_thumbnails"), blank=True
    )
    captions_en = models.FileField(
        _("captions (English)"),
        upload_to=RandomName("captions"),
        blank=True,
        validators=[only_vtt],
    )
    captions_tr = models.FileField(
        _("captions (Turkish)"),
        upload_to=RandomName("captions"),
        blank=True,
        validators=[only_vtt],
    )

    admin_form_fields = (
        "title",
        "file",
        "duration",
        "width",
        "height",
        "thumbnail",
        "captions_en",
        "captions_tr",
        "collection",
        "tags",
    )

    class Meta:
        verbose_name = _("video or sound")
        verbose_name_plural = _("videos and sounds")
        indexes = [
            models.Index(fields=[name], name=f"cms_media_{name}")
            for name in ("file", "thumbnail", "captions_en", "captions_tr")
        ]
