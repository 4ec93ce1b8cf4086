"""What can be seen inside a network: forward captures that cost nothing while nobody looks."""
