"""Volumes without storage behind them."""

from cinder.tests import fake_driver


class SandboxVolumeDriver(fake_driver.FakeLoggingVolumeDriver):
    """Images are not copied into volumes: the copy would need root, and there is nothing to copy
    to."""

    def clone_image(self, context, volume, image_location, image_meta, image_service):
        return {}, True
