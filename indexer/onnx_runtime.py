"""ONNX Runtime, told not to report to its makers before it is loaded.

Its packages for Linux do so since 1.29: without this, loading it writes a number for the machine
and a store of events below the home directory and looks for the makers' address
(https://github.com/microsoft/onnxruntime/pull/27379). Nobody who runs this software has agreed to
that, so the setting is not left to them. It is read once, when the library is loaded.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

from onnxruntime import InferenceSession, SessionOptions

__all__ = ["InferenceSession", "SessionOptions"]
