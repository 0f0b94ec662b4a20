"""bihuan (闭环): every problem gets an owner, a deadline, a second pair of eyes and an answer."""
