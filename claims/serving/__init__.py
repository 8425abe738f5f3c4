"""What readers' pages and answers to machines share while they are served: what a client holds, what we keep."""
