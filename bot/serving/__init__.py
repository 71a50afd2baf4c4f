"""Running the parts: web server, workers, and the model's process."""
