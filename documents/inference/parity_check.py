"""Texts on which a converted model is compared with its float model."""

import numpy as np
from numpy.typing import NDArray

PASSAGES = (
    "How do I renew a library card?",
    "A library card is renewed at the desk or online; bring proof of your address.",
    "The boundary layer on a flat plate becomes turbulent at a critical Reynolds number.",
    "heat transfer to a blunt body at hypersonic speed",
    "Merge sort divides a list into halves, sorts each of them, and merges the sorted halves.",
    "Die Kündigung muss schriftlich und drei Monate vor Ablauf des Vertrags erfolgen.",
    "Le chat dort sur le canapé pendant que la pluie tombe.",
    "搜索引擎把文档切成段落并建立索引。",
    "بحث دلالي في الوثائق",
    "Error 0x80070005: access is denied. Run the installer as an administrator.",
    "Photosynthesis turns light, water and carbon dioxide into sugar and oxygen.",
    "In 1969 two astronauts of Apollo 11 walked on the moon while a third stayed in orbit.",
    "SELECT name FROM users WHERE age > 21 ORDER BY name;",
    "Interest rates rose by a quarter of a point, and shares of banks with them.",
    "She closed the door, put the letter on the table, and did not open it until the evening.",
    "vitamin d deficiency symptoms adults",
)


def agreement(found: NDArray[np.float32], exact: NDArray[np.float32]) -> float:
    """The correlation of two lists of scores; 1 when each list is constant."""
    if np.ptp(exact) < 1e-6:
        return float(np.ptp(found) < 1e-2)
    return float(np.corrcoef(found, exact)[0, 1])
