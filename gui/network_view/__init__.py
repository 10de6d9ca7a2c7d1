"""The drawing of the network: geometry, painting, picking, and the widget of them all."""

from gui.network_view.items import Edge, Item, Neuron
from gui.network_view.view import NetworkView

__all__ = ["Edge", "Item", "NetworkView", "Neuron"]
