"""Kernels for Jupyter from the warm process. In: what a kernel manager asks for. Out: a running kernel, forked where
that gives the same kernel, else started the ordinary way.

Registered as the kernel provisioner `swp-warm`; a kernel manager has its warm process in the attribute `warm`.
"""

from __future__ import annotations

from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

from swp_analysis.publish.warm import WarmProcess, WarmUnavailable


class WarmProvisioner(LocalProvisioner):
    """The local provisioner, but for where the process comes from."""

    async def launch_kernel(self, cmd: list[str], **settings: Any) -> KernelConnectionInfo:
        """Fork the kernel, or start it as the local provisioner does when there is a reason not to."""
        warm: WarmProcess | None = getattr(self.parent, "warm", None)
        try:
            if warm is None:
                raise WarmUnavailable("its manager has no warm process")
            self.process = warm.fork(cmd, settings["env"], settings["cwd"], settings["stdout"])
        except WarmUnavailable as reason:
            self.log.debug("The kernel is not forked: %s", reason)
            return await super().launch_kernel(cmd, **settings)
        self.pid = self.pgid = self.process.pid
        return self.connection_info
