"""Learning the weights of the features from judgements or from what people did with results.

Needs nothing but NumPy. May import the rest of the matcher; nothing of it imports this.
"""
