/* The table of modules: one line each, in the order of the course. */
MODULE(jac_module_linear)
MODULE(jac_module_tanh)
MODULE(jac_module_sigmoid)
MODULE(jac_module_relu)
MODULE(jac_module_softmax)
MODULE(jac_module_mse)
MODULE(jac_module_cross_entropy)
