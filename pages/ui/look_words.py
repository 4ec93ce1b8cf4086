"""What each view of the Look page says about itself, in Markdown: plain words, the exact term beside them."""
from __future__ import annotations

WORDS = {
    "attention": """
Every place of the row sends out a **query** (what am I looking for?) and a **key** (what do I have to
offer?). Where a query and a key fit, the one place takes from the other. How well they fit is a **score**
(dot product), and softmax turns a row of scores into shares that add up to 1, the **attention weights**.
Each **head** learns queries and keys of its own. A head is *sharp* when every place takes from a single
other one, and not from all alike (1 minus the entropy of its rows, as a share of the largest that there can
be).

Attention shows where a head takes from. It is not by itself an explanation of the answer: what is taken,
and what the later layers make of it, is not seen here.
""",
    "states": """
A recurrent layer reads a row from left to right and carries a list of numbers along, its **hidden state**.
Each row of the picture is one of these numbers (a **unit**), each column one step; red is above zero, blue
below. An LSTM and a GRU have **gates**, numbers from 0 to 1 that decide at each step how much is kept, let
in and shown.

Click a unit to see its curve. Drag over some steps to find the units that are on there and nowhere else.
""",
    "guesses": """
This network reads a row step by step and answers at the end. But its last layers can be asked earlier: what
would it say if the row ended here? Each column is such an answer, after one step more. A network that has
learned to remember keeps what it found long ago; one that forgets becomes unsure again.
""",
    "positions": """
Attention by itself does not know the order of what it looks at. So a pattern is added to each symbol,
another one for each place (**positional encoding**). In the first picture each row is the pattern of one
place. The second shows how alike the patterns of any two places are (their **dot product**): if neighbours
are more alike than others, the network can tell near from far.
""",
    "embeddings": """
A network calculates with numbers, so each symbol gets a list of them, which is learned (its **embedding**).
These lists are long; here they are seen from their widest side (**PCA**, principal component analysis).
Symbols that the network has to treat alike often come to lie near each other; those that it must tell apart
move apart.
""",
}
