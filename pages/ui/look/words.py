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
This network reads a row step by step and answers at the end: only there has its last part, the **read-out**, been
trained. The same read-out can be put to earlier states, and each column is what it makes of one. That is a look into
the memory and not an answer: an early state may hold everything that is needed in a form that the read-out never
learned to read. Trust the last column, and see in the others when they begin to agree with it.
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
    "forecast": """
The network is shown the last values and says the next one. **One step ahead**: after each forecast it is told
what really came, and forecasts the next. **From its own answers** (multi-step forecast): it is told nothing
more; each forecast is read as if it were true, and so its errors add up. A network that only repeats the last
value looks good one step ahead, and fails at many. The **naive forecast** needs no learning at all: what does not beat
it is of no use.
""",
    "samples": """
The network guesses the next letter, one letter is drawn from its guess, and so on until it says that the name
is over: that is how every large language model writes, too. **Temperature** bends the chances before drawing:
low makes the likeliest even likelier, high makes all more alike. **Top-k** forgets all but the k likeliest.
Names with a line below them are on the list that it learned from; the others it made up.
""",
    "compare": """
Three networks that differ only in their memory read the same row. A plain **RNN** mixes its whole memory anew
at each step. An **LSTM** and a **GRU** have gates that can leave it alone. Learning sends the error of the
answer back through all these steps (**backpropagation through time**), and at each it is multiplied: by
numbers below 1 it fades (**vanishing gradient**), so that nothing is learned from what was long ago. Watch
the lines from the first step of training: at first all three fade. The gates of the LSTM and the GRU learn to
let the error through; the plain RNN takes far longer, if it finds a way at all.
""",
    "gradients": """
To learn, the error of the answer is sent back through all steps (**backpropagation through time**). Each step
back multiplies it. Each line shows how large the **gradient** of a memory is at each step, beside its size where the
error comes in: the scale is logarithmic, each line down is ten times less. Where it has faded, the network cannot
learn from what stood there (**vanishing gradient**). The error is that of the last answer; a memory that reads
**backwards** goes back through time towards the end of the row, so for it the first answer counts. Where attention or
a layer above brings the error in at many steps, a line is seen beside its largest. Layers that read different rows
have a chart each. Of an LSTM the gradient of its cell is shown, of the others that of the hidden state.
""",
}
