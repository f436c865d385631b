"""What several rooms' tests share: the network guard, a browser, a JupyterLab."""
